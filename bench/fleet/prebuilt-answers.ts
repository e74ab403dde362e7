import type { SandboxRequest } from '../../src/sandbox/answer.ts';
import type { ServiceName, WireResponse } from '../../src/sandbox/service.ts';

const READS = /:(?:List|Describe|GetHostedZone)/;

/**
 * Answers kept as bytes by the request they answer, until a request of the same service changes
 * something: for a server that must not be what is measured. Only for a world that changes in no other
 * way without `forgetAll`.
 */
export class PrebuiltAnswers {
  readonly #answers = new Map<ServiceName, Map<string, WireResponse>>();

  /** The answer that is kept, or else the one that is made now and kept if the operation only reads. */
  answer(request: SandboxRequest): WireResponse {
    const { service, operation, raw } = request;
    if (!READS.test(operation)) {
      this.#answers.delete(service);
      return request.answer();
    }
    const kept = this.#answersOf(service);
    const key = `${operation} ${raw.path} ${raw.query.toString()} ${raw.body}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const made = request.answer();
    const answer = { ...made, body: Buffer.from(made.body) };
    kept.set(key, answer);
    return answer;
  }

  forgetAll(): void {
    this.#answers.clear();
  }

  #answersOf(service: ServiceName): Map<string, WireResponse> {
    const known = this.#answers.get(service);
    if (known !== undefined) return known;
    const fresh = new Map<string, WireResponse>();
    this.#answers.set(service, fresh);
    return fresh;
  }
}
