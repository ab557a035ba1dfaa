import type { Command } from 'commander';
import type { AttendanceFlags } from './attendanceRun.ts';
import { addDatabaseOption } from './database.ts';
import { ATTENDANCE, addDocumentOptions } from './document.ts';
import { addExamples } from './examples.ts';
import { addMetricOptions } from './metricOptions.ts';
import { addRoomArgument } from './room.ts';

export function addAttendance(program: Command): void {
  const command = addRoomArgument(program.command('attendance'))
    .summary('who was in a call, and how long: a certificate each')
    .description(
      'Certifies who was in a call: when each joined and left, and how long they were there, without the gaps between connections; with what told it, and the limits of what was inferred. A sheet of paper per identity.',
    )
    .option('--identity <identity>', 'of one alone (all people who came)')
    .option('--tz <zone>', 'by whose clocks, such as Europe/Berlin (UTC)');
  addDocumentOptions(command, ATTENDANCE);
  addMetricOptions(addDatabaseOption(command)).action(async (room: string, flags: AttendanceFlags) =>
    (await import('./attendanceRun.ts')).attendance(room, flags),
  );
  addExamples(
    command,
    'attendance RM_x7 --identity ana --out ana.html --db calls.db',
    'attendance standup --tz Europe/Berlin --out standup.html --db calls.db',
    'attendance RM_x7 --format json --db calls.db',
  );
}
