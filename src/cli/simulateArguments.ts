/** How what is written after the options of `simulate` is read. */
import { InvalidArgumentError } from 'commander';
import { MIX_NAMES, type Mix } from '../simulate/mix.ts';

export function mixes(text: string): Mix[] {
  return text.split(',').map((word) => {
    const mix = MIX_NAMES.find((name) => name === word.trim());
    if (mix === undefined) throw new InvalidArgumentError(`"${word}" is no mix. There are ${MIX_NAMES.join(', ')}.`);
    return mix;
  });
}

export function speed(text: string): number {
  const number = Number(text);
  if (!(number >= 1 && number <= 1e6))
    throw new InvalidArgumentError('It takes a number from 1 (as fast as they went) to 1000000.');
  return number;
}

export function rate(text: string): number {
  const number = Number(text);
  if (!(number > 0 && number <= 1e6))
    throw new InvalidArgumentError('It takes a number of webhooks a second, such as 50.');
  return number;
}

export function seed(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError('It takes a whole number from 0 on.');
  return Number(text);
}

export function httpUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new InvalidArgumentError('An address looks like http://localhost:8787/webhook.');
  return url;
}
