export interface Pace {
  /** How many times faster than they went the calls are played. */
  speed?: number;
  /** Webhooks a second, at most; alone, exactly so many, whatever the calls' own time. */
  rate?: number;
}

/** When each webhook in turn is due, in ms after the first: asked with the instant that it tells of. */
export function paced({ speed, rate }: Pace, begin: number): (at: number) => number {
  const apart = rate === undefined ? 0 : 1000 / rate;
  let due = -apart;
  return (at) => {
    due = Math.max(due + apart, speed === undefined ? 0 : (at - begin) / speed);
    return due;
  };
}

/** How long it takes, in ms; a little more where both the speed and the rate hold it back. */
export function lengthOf({ span, webhooks }: { span: number; webhooks: number }, { speed, rate }: Pace): number {
  const bySpeed = speed === undefined ? 0 : span / speed;
  const byRate = rate === undefined ? 0 : (webhooks * 1000) / rate;
  return Math.max(bySpeed, byRate);
}
