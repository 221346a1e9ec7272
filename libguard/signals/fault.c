/* SPDX-License-Identifier: MIT
 *
 * The handler of SIGSEGV and SIGBUS. A fault in the heap's guard or freed pages is reported, the
 * page is opened and the instruction runs again; every other fault is the program's own and goes to
 * the program's handler or to the default action, as if we were not there.
 */
#include "signals/fault.h"

#include <stddef.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "base/probe.h"
#include "base/stack_switch.h"
#include "base/sys.h"
#include "diag/diagnose.h"
#include "diag/findings.h"
#include "diag/runaway.h"
#include "guard/aftermath.h"
#include "guard/guard.h"
#include "guard/patterns.h"
#include "page/backend.h"
#include "signals/crash.h"
#include "signals/signals.h"
#include "stack/capture.h"
#include "trace/recorder.h"

/* Bits of REG_ERR for a page fault, as the processor sets them. */
#define FAULT_WRITE 2
#define FAULT_FETCH 16

static void save_registers(struct mmt_finding *finding, const mcontext_t *machine)
{
    static const uint8_t order[] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP,
                                    REG_RSI, REG_RDI, REG_R8,  REG_R9,  REG_R10, REG_R11,
                                    REG_R12, REG_R13, REG_R14, REG_R15, REG_RIP, REG_EFL};
    for (size_t i = 0; i < ARRAY_LENGTH(order); i++)
        finding->registers[i] = (uint64_t)machine->gregs[order[i]];
    __asm__("mov %%fs:0, %0" : "=r"(finding->registers[MMT_FS_BASE]));
}

/* The instruction may end right before an unreadable page, so it is read word by word. */
static void save_instruction(struct mmt_finding *finding, uintptr_t pc)
{
    uintptr_t aligned = align_down(pc, sizeof(uintptr_t)), word;
    size_t skip = pc - aligned, used = 0;
    for (; used < sizeof(finding->instruction) && probe_word(aligned, &word);
         aligned += sizeof(word), skip = 0)
        for (size_t i = skip; i < sizeof(word) && used < sizeof(finding->instruction); i++)
            finding->instruction[used++] = (uint8_t)(word >> (8 * i));
    finding->instruction_length = (uint32_t)used;
    finding->flags |= MMT_FINDING_INSTRUCTION;
}

static void fault_collect(struct mmt_finding *finding, const mcontext_t *machine)
{
    struct stack_registers registers = {(uintptr_t)machine->gregs[REG_RIP],
                                        (uintptr_t)machine->gregs[REG_RSP],
                                        (uintptr_t)machine->gregs[REG_RBP], machine->gregs};
    guard_enter();
    finding->stack = stack_capture_registers(&registers);
    save_registers(finding, machine);
    save_instruction(finding, registers.pc);
}

static struct runaway *loops_of(const struct thread *self)
{
    struct guard_thread *local = thread_is_spare(self) ? NULL : self->slot[THREAD_SLOT_ENTRY];
    return local ? local->loops : NULL;
}

/* Whether there is no block, and never was one, anywhere near. */
static bool fault_is_lost(const struct mmt_finding *finding)
{
    enum { NEAR = 64 };
    uintptr_t offset = finding->address - (finding->block_start - NEAR * PAGE_SIZE);
    return !(finding->flags & MMT_FINDING_BLOCK) ||
           offset > finding->block_size + 2 * NEAR * PAGE_SIZE;
}

/* Reports a wrong access, or counts it. */
static void account(struct mmt_finding *finding, struct block *record, const mcontext_t *machine,
                    struct runaway *loops, const char *where)
{
    uintptr_t pc = (uintptr_t)machine->gregs[REG_RIP];
    if (!aftermath_first_access(finding, record)) {
        if (loops)
            runaway_follow(loops, pc, finding->address, fault_is_lost(finding));
        return;
    }
    fault_collect(finding, machine);
    struct runaway *loop = loops ? runaway_find(loops, finding->stack, pc, finding->address) : NULL;
    if (loop) {
        loop->lost += fault_is_lost(finding);
        findings_count(loop->finding);
    } else {
        aftermath_enter(finding, NULL, where);
        if (loops)
            loops[0].finding = finding->id;
    }
}

enum outcome {
    NOT_OURS,
    RUN_AGAIN,
    GIVE_UP, /* ours, reported, and best left to end the program */
};

static enum outcome handle(const siginfo_t *info, const mcontext_t *machine)
{
    uintptr_t address = (uintptr_t)info->si_addr;
    if (info->si_code <= 0 || info->si_code == SI_KERNEL || !guard.ready || !heap_owns(address))
        return NOT_OURS;
    if (machine->gregs[REG_ERR] & FAULT_FETCH) /* opening the page would not make it executable */
        return NOT_OURS;
    struct heap_view view;
    struct mmt_finding finding = {0};
    struct block *record;
    heap_look(address, &view);
    bool write = machine->gregs[REG_ERR] & FAULT_WRITE;
    if (!diagnose_access(address, write ? MMT_DIRECTION_WRITE : MMT_DIRECTION_READ, &view, &finding,
                         &record))
        return heap_heal(address) && !page_denies((void *)address, write) ? RUN_AGAIN : NOT_OURS;
    /* Another thread's report opened the page while this fault was on its way. */
    if (!page_denies((void *)address, write))
        return RUN_AGAIN;
    struct runaway *loops = loops_of(guard_enter());
    account(&finding, record, machine, loops, view.forgotten ? DIAGNOSE_FORGOTTEN : NULL);
    if (loops && runaway_is_hopeless(loops, (uintptr_t)machine->gregs[REG_RIP]))
        return GIVE_UP;
    if (!heap_open_page(address, write))
        return GIVE_UP;
    pattern_opened(address);
    return RUN_AGAIN;
}

/* The program is about to be killed by a fault of its own. */
static void report_crash(const siginfo_t *info, const mcontext_t *machine)
{
    struct mmt_finding finding = {0};
    if (machine->gregs[REG_ERR] & FAULT_WRITE)
        finding.direction = MMT_DIRECTION_WRITE;
    else if (!(machine->gregs[REG_ERR] & FAULT_FETCH))
        finding.direction = MMT_DIRECTION_READ;
    fault_collect(&finding, machine);
    if (machine->gregs[REG_ERR] & FAULT_FETCH) /* nothing can be read there */
        finding.flags &= ~(uint32_t)MMT_FINDING_INSTRUCTION;
    crash_report(info, &finding);
}

struct fault {
    int signal;
    siginfo_t *info;
    ucontext_t *context;
    enum outcome outcome;
};

static void handle_on_stack(void *argument)
{
    struct fault *fault = argument;
    const mcontext_t *machine = &fault->context->uc_mcontext;
    fault->outcome = handle(fault->info, machine);
    if (fault->outcome == NOT_OURS && fault->info->si_code > 0 && guard.ready &&
        !signals_program_handles(fault->signal))
        report_crash(fault->info, machine);
}

/* The program's own alternate stack may be just large enough for its own handler, and the
 * interrupted stack may be nearly full. */
static SIGNAL_HANDLER void on_fault(int signal, siginfo_t *info, void *context)
{
    struct fault fault = {signal, info, context, NOT_OURS};
    uintptr_t resume = probe_resume((uintptr_t)fault.context->uc_mcontext.gregs[REG_RIP]);
    if (resume) {
        fault.context->uc_mcontext.gregs[REG_RIP] = (greg_t)resume;
        return;
    }
    if (signal == SIGBUS && recorder_lost_page((uintptr_t)info->si_addr))
        return;
    char *stack = guard_own_stack_top();
    if (stack)
        stack_switch_call(handle_on_stack, &fault, stack);
    else
        handle_on_stack(&fault);
    if (guard.ready && guard.options.on_error == ON_ERROR_TRAP)
        sigdelset(&fault.context->uc_sigmask, SIGTRAP);
    if (fault.outcome == GIVE_UP && signal == SIGBUS) {
        /* Memory that is not there is SIGSEGV to a program; so it will be when the instruction runs
         * again. */
        sys_protect((void *)align_down((uintptr_t)info->si_addr, PAGE_SIZE), PAGE_SIZE, PROT_NONE);
        info->si_signo = signal = SIGSEGV;
        info->si_code = SEGV_ACCERR;
    }
    if (fault.outcome != RUN_AGAIN)
        signals_pass_on(signal, info, context);
}

void fault_init(void)
{
    signals_install(SIGSEGV, on_fault);
    signals_install(SIGBUS, on_fault);
}
