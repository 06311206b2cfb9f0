// Edits of the system's configuration, for scenarios.
import type { Desktop } from '../desktop/desktop.ts';

const kept = '/run/bench-edited';

/** An edit of a file with a command of the shell, which has the file's path as $1; `undone` puts back what was there. */
export function edit(path: string, command: string) {
    return {
        made: (desktop: Desktop) =>
            desktop.exec([
                'sh',
                '-c',
                `mkdir -p ${kept} && cp --preserve --parents "$1" ${kept} && ${command}`,
                'sh',
                path,
            ]),
        undone: (desktop: Desktop) => desktop.exec(['cp', '--preserve', `${kept}${path}`, path]),
    };
}

/** What sshd does not understand. */
export const sshdMistake = edit('/etc/ssh/sshd_config', 'echo "PermitRootLogni no" >>"$1"');
