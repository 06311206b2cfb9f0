import { PassThrough } from 'node:stream';

import type { Context } from '../../../service/cli/command.ts';
import { run } from '../../../service/cli/commands/ask.ts';
import { Terminal } from '../../../service/cli/terminal.ts';
import type { Variant } from '../../../service/dbus/connection.ts';

describe('reeve ask', () => {
    const stdin = Object.getOwnPropertyDescriptor(process, 'stdin');

    afterEach(() => {
        if (stdin !== undefined) Object.defineProperty(process, 'stdin', stdin);
    });

    it('goes on in the conversation that it began, once a person has chosen what is meant', async () => {
        const asked: [string, unknown][] = [];
        const replies = [
            { topic: 'choice', conversation: 7, choices: ['what uses memory?', 'what uses the disk?'] },
            { topic: 'memory', conversation: 7 },
        ];
        const request = (_path: string, _method: string, question: string, given: Record<string, Variant>) => {
            asked.push([question, given.conversation?.value]);
            return Promise.resolve({ outcome: 'success', results: replies.shift(), text: 'Answer.' });
        };
        const screen = () => Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
        const typed = Object.assign(new PassThrough(), { isTTY: true });
        Object.defineProperty(process, 'stdin', { value: typed, configurable: true });
        const [out, err] = [screen(), screen()];
        const context = {
            terminal: new Terminal(out as unknown as NodeJS.WriteStream, err as unknown as NodeJS.WriteStream),
            json: false,
            client: () => Promise.resolve({ request }),
        } as unknown as Context;

        typed.write('2\n');
        await run(context, { operands: ['what', 'uses', 'it'], options: { conversation: 'new' } });

        expect(asked).toEqual([
            ['what uses it', 0],
            ['what uses the disk?', 7],
        ]);
    });
});
