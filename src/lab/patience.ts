// A time limit that can be cut short, as a signal.

/**
 * A signal that aborts after `ms` milliseconds, as `AbortSignal.timeout` does, or as soon as `stop` does.
 * `AbortSignal.any` of these two would be the same, but that Node 20 collects the first as garbage when
 * nothing else refers to it: the limit is then forgotten.
 */
export function patience(ms: number, stop?: AbortSignal): AbortSignal {
  if (stop?.aborted) return stop;
  const limit = new AbortController();
  const end = (reason: unknown): void => {
    clearTimeout(timer);
    stop?.removeEventListener("abort", onStop);
    limit.abort(reason);
  };
  const onStop = (): void => end(stop?.reason);
  const late = () => end(new DOMException("The time is up", "TimeoutError"));
  const timer = setTimeout(late, ms).unref();
  stop?.addEventListener("abort", onStop);
  return limit.signal;
}
