// Benchmarks: `npm run bench`, or some of them: `npm run bench -- noticing idle`. They print ratios measured side by side in
// one run; absolute figures belong to the machine they were taken on.
import { availableParallelism, cpus, release } from 'node:os';
import { parseArgs } from 'node:util';

/** Name → what it answers. Each is a file here that exports `bench()`. */
const benches = {
    throughput: 'how fast is detection over a large journal, beside journalctl and fail2ban-regex',
    longJournal: 'what memory ten million entries take, and how much of a journal of 4 GB a start reads',
    storm: 'what becomes of a journal that is written to as fast as it can be, and of a unit that fails behind that',
    noticing: 'how long from a journal entry to the incident on the bus and to the notification drawn',
    activation: 'how long from the first call to the first answer, beside the bare start of Node',
    mechanism: 'how long until polkit asks about a change, when what makes it is not running',
    understanding: 'how long it takes to read a wish or a question, without looking anything up',
    wishCard: 'how long from Enter to the drawn card of a wish, without a model',
    sandbox: 'how long until a command in the sandbox begins, beside a bare program',
    popover: 'how many frames from the key press to the drawn popover, beside the Shell’s own calendar',
    inference: 'what a model costs to load, to stop and to unload, and what stays behind',
    generation: 'how fast a model answers, beside llama-server with the same file and threads',
    firstToken: 'how long from a model’s first words to the quick chat that shows them',
    vulkan: 'whether a model writes by way of Vulkan what it writes on the processor',
    polling: 'what a poll of what the kernel reports to nobody costs, also among thousands of processes',
    idle: 'what ten idle minutes cost: processor, wake-ups, memory, frames',
} as const;
type Name = keyof typeof benches;
const isName = (name: string): name is Name => name in benches;

const { positionals } = parseArgs({ allowPositionals: true });
const unknown = positionals.filter(name => !isName(name));
if (unknown.length > 0) {
    console.error(`No such benchmark: ${unknown.join(', ')}. There are:`);
    for (const [name, question] of Object.entries(benches)) console.error(`  ${name.padEnd(13)} ${question}`);
    process.exit(2);
}

console.log(`${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, Linux ${release()}`);
for (const name of positionals.length > 0 ? positionals.filter(isName) : (Object.keys(benches) as Name[])) {
    console.log(`\n${name}: ${benches[name]}`);
    const { bench } = (await import(`./${name}.ts`)) as { bench: () => Promise<void> };
    await bench();
}
