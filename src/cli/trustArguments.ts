/** How what is written after the options of `trust` is read. */
import { InvalidArgumentError } from 'commander';
import { duration } from './arguments.ts';

/** 1,5,10 are per cent; as shares. */
export function percents(text: string): number[] {
  return text.split(',').map((word) => {
    const percent = Number(word);
    if (word.trim() === '' || !(percent >= 0 && percent <= 100))
      throw new InvalidArgumentError('It takes per cent, such as 1,5,10.');
    return percent / 100;
  });
}

export function durations(text: string): number[] {
  return text.split(',').map((word) => {
    const seconds = duration(word.trim());
    if (seconds === 0) throw new InvalidArgumentError('It takes durations from 1s on, such as 30s,2m.');
    return seconds;
  });
}
