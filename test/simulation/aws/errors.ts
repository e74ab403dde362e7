/** An answer of AWS that is an error, as the SDK throws it. */
export function serviceError(name: string, message: string, status: number): Error {
  const error = new Error(message);
  error.name = name;
  return Object.assign(error, {
    $fault: status >= 500 ? 'server' : 'client',
    $metadata: { httpStatusCode: status, attempts: 1, totalRetryDelay: 0 },
  });
}

/** No answer at all, in one of the forms in which the SDK tells it. */
export function noAnswer(choice: number): Error {
  if (choice < 0.4) {
    const error = new Error('connect timed out');
    error.name = 'TimeoutError';
    return Object.assign(error, { $metadata: { attempts: 1, totalRetryDelay: 0 } });
  }
  const code = choice < 0.7 ? 'ECONNRESET' : 'EPIPE';
  return Object.assign(new Error(`socket hang up ${code}`), { code });
}
