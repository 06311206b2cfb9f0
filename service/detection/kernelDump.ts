/**
 * What the kernel, or the X server, adds to a fault that it has just reported: registers, loaded modules, call traces. These contain names of
 * functions, which read like faults. show_regs() in arch/x86/kernel/process_64.c, dump_stack_print_info() in lib/dump_stack.c
 * and printk_stack_address() in arch/x86/kernel/dumpstack.c of Linux, and their predecessors in 2.4 and 2.6.
 */
export const kernelDump = new RegExp(
    [
        String.raw`^\s*(?:(?:RIP|EIP|NIP|RSP|ESP|R[ABCD]X|E[ABCD]X|R\d\d|CR\d|PGD|Stack|Code|Tainted|Not tainted|pc|lr|pstate) ?:`,
        String.raw`(?:Modules linked in|Call Trace|Backtrace|Hardware name|Workqueue|Exception stack)\b`,
        String.raw`CPU: ?\d+ (?:UID: \d+ )?PID: `,
        String.raw`(?:Pid|Process): ? ?\S+, `,
        String.raw`(?:\? )?[\w.$]+\+0x[0-9a-f]+/0x[0-9a-f]+\b`,
        // As scripts/decode_stacktrace.sh of Linux has them.
        String.raw`(?:\? )?[\w.$]+ \(\S{1,128}\.[chS]:\d`,
        String.raw`Code starting with the faulting instruction`,
        // ARM prints callers, AER each bit of a register, and a dump addresses before its bytes.
        String.raw`[\w.$]+ from [\w.$]+\+0x`,
        // The same with the places in the source, by scripts/decode_stacktrace.sh.
        String.raw`(?:\? )?[\w.$]+ \((?:[\w./-]{1,128}\.[chS]:\d|\?\?:)`,
        String.raw`\S+ [\da-f]{4}:[\da-f:.]{7}: {2,5}\[ ?\d{1,2}\] `,
        String.raw`(?:\{\d{1,6}\}\[Hardware Error\]: +)?[\da-f]{8}: (?:[\da-f]{8} ){2}`,
        String.raw`[A-Z][A-Z\d_]{3,47} ?(?:\[\d+\] ?)?[=:] ?0x[0-9a-f]+$`,
        String.raw`[A-Z][A-Z\d_]{2,31}\[0x[0-9a-f]+\]`,
        String.raw`#PF: `,
        String.raw`(?:Mem|Data) abort info:`,
        // The flags of a page of memory (dump_page() in mm/debug.c).
        String.raw`(?:page )?flags: 0x[\da-f]+\(`,
        // PowerPC, and the stack of an interrupt.
        String.raw`(?:(?:NIP|LR) |\[[0-9a-f]{16}\] )\[[0-9a-f]{8,16}\]`,
        String.raw`<[A-Z]{3,4}> {1,3}\[<`,
        // The frames of the X server (xorg_backtrace() in os/backtrace.c of xserver).
        String.raw`\(EE\) (?:$|Backtrace:|\d{1,3}: (?:\S+ \(|\?\?))`,
        // What lockdep knows about locks.
        String.raw`(?:-> #\d|lock\(|\S[^{]{0,80}\{[-+.?]{4,8}\}[,:])`,
        String.raw`\[<[0-9a-f]{8,16}>\])`,
    ].join('|'),
);
