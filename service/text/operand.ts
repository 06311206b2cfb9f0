/** `text` as a person types it behind a command, protected where a shell or the command would read it differently. */
export function operand(text: string): string {
    if (/^[A-Za-z0-9:_.@][A-Za-z0-9:_.@-]*$/.test(text)) return text;
    return `-- '${text.replaceAll("'", "'\\''")}'`;
}
