// What a test desktop runs on: a container, or a virtual machine for what only a kernel of its own can do.
import type { Child } from './hostCommand.ts';
import type { Suite } from './image.ts';

export type Computer = {
    readonly name: string;
    readonly suite: Suite;
    /** How many times as long as in a container everything may take. */
    readonly slowness: number;
    /** Starts a program inside, as root and outside of any unit of a session. */
    start(argv: readonly string[]): Child;
    isRunning(): Promise<boolean>;
    down(): Promise<void>;
};
