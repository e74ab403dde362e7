import type { RawRequest, ServiceName, WireResponse } from './service.ts';

const READS = /^(?:List|Describe|GetHostedZone)/;

/**
 * Answers kept as bytes by the request they answer, until a request of the same service changes
 * something. Only for a world that nobody changes in any other way.
 */
export class PrebuiltAnswers {
  readonly #answers = new Map<ServiceName, Map<string, WireResponse>>();

  /** The answer that is kept, or else the one that is made now and kept if the operation only reads. */
  answer(
    service: ServiceName,
    operation: string,
    request: RawRequest,
    make: () => WireResponse,
  ): WireResponse {
    if (!READS.test(operation)) {
      this.#answers.delete(service);
      return make();
    }
    const kept = this.#answersOf(service);
    const key = `${operation} ${request.path} ${request.query.toString()} ${request.body}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const made = make();
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
