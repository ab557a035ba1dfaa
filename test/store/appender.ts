/** A process of its own: opens the store, appends batches of 5, and prints how many events were acknowledged so far. */
import { openSqlite } from '../../src/store/sqlite.ts';
import { anEvent } from './samples.ts';

const [file, name, batches] = process.argv.slice(2);
const store = openSqlite({ file: file! });
for (let n = 0; n < Number(batches); n++) {
  const facts = Array.from({ length: 5 }, (_, i) => `${name} ${n * 5 + i}`);
  await store.append(
    facts.map((fact) => anEvent(fact)),
    [],
    [],
  );
  process.stdout.write(`${n * 5 + 5}\n`);
}
await store.close();
