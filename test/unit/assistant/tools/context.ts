// What a tool is run with, on the recorded machine unless a test says otherwise.
import type { ToolContext } from '../../../../service/assistant/tools/tool.ts';
import { recordedMachine } from '../../../support/recordedMachine.ts';

export const now = new Date(2026, 10, 21, 12).getTime() * 1000;

export function toolContext(change: Partial<ToolContext> = {}): ToolContext {
    return {
        machine: recordedMachine(),
        systemd: {
            isReachable: () => false,
            list: () => Promise.resolve([]),
            listFiles: () => Promise.resolve([]),
            unit: () => Promise.resolve(null),
        },
        journal: { query: () => Promise.resolve([]), access: () => Promise.resolve('system') },
        incidents: { list: () => [] },
        proposals: { list: () => [] },
        guides: { steps: () => [] },
        diagnosis: { isLooking: () => false },
        timeline: { query: () => [] },
        version: '0.1.0',
        clock: () => now,
        signal: new AbortController().signal,
        ...change,
    };
}
