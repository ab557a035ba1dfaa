/** What is said in the sessions, and how long each part takes: known to the agent's process and to the tests. */

/** Each second is waited in earnest: as short as a machine of two busy cores tells apart. */
export const SECONDS = {
  /** From the end of the caller's speech until the voice detection believes in it; its transcript is there by then. */
  silence: 0.2,
  transcript: 0.12,
  /** From the end of the caller's speech until the turn is taken for over. */
  endOfTurn: 0.3,
  model: 0.15,
  voice: 0.1,
  weather: 0.25,
  billing: 0.1,
  /** Of speech, for each character. */
  perCharacter: 0.01,
};

export type Answer = string | { tool: string };

/** To what the caller says, or a tool gave. */
export const ANSWERS: Record<string, Answer> = {
  'what is the weather in Paris': { tool: 'getWeather' },
  'sunny 20C': 'It is sunny in Paris',
  'tell me a long story': `Once upon a time ${'there was a very long story '.repeat(8)}`,
  'stop that now please': 'All right then',
  'what do I owe you': { tool: 'askBilling' },
  'thanks and goodbye': 'You are welcome',
};
export const GREETING = 'Welcome to the weather desk';
export const BILLING_GREETING = 'Billing is listening';
export const INSTRUCTIONS = 'be nice to everybody';

/** None of them may be stored: of each text two words that stand side by side in it alone. */
export const WORDS = [...Object.keys(ANSWERS), ...Object.values(ANSWERS), GREETING, BILLING_GREETING, INSTRUCTIONS]
  .filter((text) => typeof text === 'string')
  .map((text) => text.split(' ').slice(0, 2).join(' '));

/** What the session says of itself, as it ends. */
export interface Told {
  history: ToldItem[];
  usage: { type: string; [count: string]: string | number }[];
}
export interface ToldItem {
  id: string;
  type: string;
  role?: string;
  interrupted?: boolean;
  createdAt: number;
  callId?: string;
  metrics?: { [name: string]: number };
}
