import { isEndForFailure } from '../../../../service/faults/program/code.ts';

describe('A program that ends', () => {
    it('says so with the failure that it ends for', () => {
        for (const line of [
            'Error loading config file -- exiting',
            'Failed to bind to port 80, exiting.',
            'invalid option; quitting (1)',
            'Unable to open the database, shutting down with status 2',
        ])
            expect(isEndForFailure(line)).withContext(line).toBeTrue();
    });

    it('has not failed where nothing went wrong, where it was told to, or where something else ends', () => {
        for (const line of [
            'Finished without error, exiting',
            'Completed with no error. Exiting.',
            '0 failed, 12 done, exiting',
            'Checked 3 files, no failure - quitting',
            'Tracker error, terminating announce',
            'failed login from 1.2.3.4, terminating session',
            'Read error: connection reset by peer, terminating connection',
            'Connection reset error, restarting; SIGTERM received, exiting',
        ])
            expect(isEndForFailure(line)).withContext(line).toBeFalse();
    });
});
