import type { BodyFraming } from './response-head.ts';

/** A size line or a trailer of a chunked body that is longer than this is no honest one. */
const MAX_LINE_BYTES = 1_024;

/**
 * The first bytes of a body, whatever frames it; bodies are never decompressed. `isComplete` once the
 * body has ended by its own framing, `isBroken` once it has broken it.
 */
export class BodyStart {
  bytes: Buffer = Buffer.alloc(0);
  isComplete = false;
  isBroken = false;
  readonly #limit: number;
  readonly #isChunked: boolean;
  /** What is left of the body, or of the chunk under way. */
  #left: number;
  #line = '';
  /** Between two chunks, the line break after the data comes before the next size. */
  #isFirstChunk = true;

  constructor(framing: BodyFraming, limit: number) {
    this.#limit = limit;
    this.#isChunked = framing.kind === 'chunked';
    this.#left =
      framing.kind === 'length' ? framing.bytes : framing.kind === 'chunked' ? 0 : Number.POSITIVE_INFINITY;
    this.isComplete = framing.kind === 'length' && framing.bytes === 0;
  }

  /** Whether as many bytes are there as are wanted at the most. */
  get isFull(): boolean {
    return this.bytes.length >= this.#limit;
  }

  read(data: Buffer): void {
    let rest = data;
    while (rest.length > 0 && !this.isComplete && !this.isBroken && !this.isFull) {
      rest = this.#left > 0 ? this.#readData(rest) : this.#readSizeLine(rest);
    }
  }

  #readData(data: Buffer): Buffer {
    const own = data.subarray(0, Math.min(this.#left, data.length));
    this.bytes = Buffer.concat([this.bytes, own.subarray(0, this.#limit - this.bytes.length)]);
    this.#left -= own.length;
    if (this.#left === 0 && !this.#isChunked) this.isComplete = true;
    return data.subarray(own.length);
  }

  #readSizeLine(data: Buffer): Buffer {
    const end = data.indexOf('\n');
    this.#line += data.toString('latin1', 0, end < 0 ? data.length : end);
    if (this.#line.length > MAX_LINE_BYTES) this.isBroken = true;
    if (end < 0) return Buffer.alloc(0);
    const line = this.#line.trim();
    this.#line = '';
    if (line === '' && !this.#isFirstChunk) return data.subarray(end + 1);
    this.#isFirstChunk = false;
    const size = /^([0-9a-f]{1,8})(?:;.*)?$/i.exec(line)?.[1];
    if (size === undefined) this.isBroken = true;
    else this.#left = Number.parseInt(size, 16);
    if (this.#left === 0) this.isComplete = true;
    return data.subarray(end + 1);
  }
}
