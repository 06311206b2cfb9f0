/** The value below which a share `q` (0 to 1) of the samples lies, by the nearest rank. */
export function quantile(samples: readonly number[], q: number): number {
    const sorted = samples.toSorted((a, b) => a - b);
    const value = sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)];
    if (value === undefined) throw new RangeError('there are no samples');
    return value;
}

/** "median 12.3 ms, p95 20.1 ms (30 samples)" of samples in microseconds. */
export function describeLatency(samples: readonly number[]): string {
    const milliseconds = (q: number) => (quantile(samples, q) / 1000).toFixed(1);
    return `median ${milliseconds(0.5)} ms, p95 ${milliseconds(0.95)} ms (${samples.length} samples)`;
}
