/**
 * Exponential backoff with full jitter ("Exponential Backoff And Jitter", AWS Architecture Blog,
 * 2015): the n-th wait is uniform between zero and `min * 2^n`, at most `max`. Milliseconds.
 */
export class Backoff {
  #min;
  #max;
  #random;
  #attempt = 0;

  /**
   * @param {number} min
   * @param {number} max
   * @param {() => number} random from 0 to below 1
   */
  constructor(min, max, random) {
    if (!(min > 0 && max >= min)) {
      throw new RangeError(`backoff must be positive and min not above max: ${min}, ${max}`);
    }
    this.#min = min;
    this.#max = max;
    this.#random = random;
  }

  next() {
    // 2 ** 1024 is Infinity, which Math.min takes well.
    const bound = Math.min(this.#max, this.#min * 2 ** this.#attempt++);
    return Math.floor(this.#random() * (bound + 1));
  }

  reset() {
    this.#attempt = 0;
  }
}
