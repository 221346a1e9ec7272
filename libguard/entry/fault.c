/* SPDX-License-Identifier: MIT
 *
 * The handler of SIGSEGV and SIGBUS. A fault in the heap's guard or freed pages is reported, the page is opened and the instruction runs again;
 * every other fault is the program's own and goes to the program's handler or to the default action, as if we were not
 * there.
 */
#include "entry/fault.h"

#include <stddef.h>
#include <ucontext.h>

#include "base/probe.h"
#include "base/stack_switch.h"
#include "diag/diagnose.h"
#include "diag/findings.h"
#include "entry/guard.h"
#include "entry/process.h"
#include "entry/signals.h"
#include "page/backend.h"
#include "stack/capture.h"
#include "trace/recorder.h"

/* Bits of REG_ERR for a page fault, as the processor sets them. */
#define FAULT_WRITE 2
#define FAULT_FETCH 16

/* What is known of a block whose record was dropped. */
#define FORGOTTEN "freed longer ago than the history kept (option history)"

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

static void report(struct mmt_finding *finding, const char *where, struct block *record,
                   const mcontext_t *machine)
{
    struct stack_registers registers = {
        (uintptr_t)machine->gregs[REG_RIP], (uintptr_t)machine->gregs[REG_RSP],
        (uintptr_t)machine->gregs[REG_RBP], machine->gregs};
    finding->thread = guard_enter()->info->id;
    finding->stack = stack_capture_registers(&registers);
    save_registers(finding, machine);
    save_instruction(finding, registers.pc);
    if (finding->flags & MMT_FINDING_BLOCK && thread_is_inherited(finding->alloc_thread))
        finding->flags |= MMT_FINDING_INHERITED;
    if (record)
        record->flags |= finding->direction == MMT_DIRECTION_WRITE ? BLOCK_REPORTED | BLOCK_WRITTEN
                                                                   : BLOCK_REPORTED;
    if (findings_enter(finding, NULL, where, &guard.process) &&
        guard.options.on_error == ON_ERROR_ABORT)
        process_abort();
}

/* True if the instruction can run again. */
static bool handle(const siginfo_t *info, const mcontext_t *machine)
{
    uintptr_t address = (uintptr_t)info->si_addr;
    if (info->si_code <= 0 || info->si_code == SI_KERNEL || !guard.ready || !heap_owns(address))
        return false;
    if (machine->gregs[REG_ERR] & FAULT_FETCH) /* opening the page would not make it executable */
        return false;
    struct heap_view view;
    struct mmt_finding finding = {0};
    struct block *record;
    heap_look(address, &view);
    bool write = machine->gregs[REG_ERR] & FAULT_WRITE;
    if (!diagnose_access(address, write ? MMT_DIRECTION_WRITE : MMT_DIRECTION_READ, &view, &finding,
                         &record))
        return heap_heal(address);
    /* Another thread's report opened the page while this fault was on its way. */
    if (!page_faults((void *)address))
        return true;
    if (record && record->flags & BLOCK_REPORTED)
        findings_count_again(finding.block_start);
    else
        report(&finding, view.forgotten ? FORGOTTEN : NULL, record, machine);
    return heap_open_page(address);
}

struct fault {
    int signal;
    siginfo_t *info;
    ucontext_t *context;
    bool handled;
};

static void handle_on_stack(void *argument)
{
    struct fault *fault = argument;
    fault->handled = handle(fault->info, &fault->context->uc_mcontext);
}

/* The program's own alternate stack may be just large enough for its own handler, and the interrupted stack may be nearly full. */
static void on_fault(int signal, siginfo_t *info, void *context)
{
    struct fault fault = {signal, info, context, false};
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
    if (!fault.handled)
        signals_pass_on(signal, info, context);
}

void fault_init(void)
{
    signals_install(SIGSEGV, on_fault);
    signals_install(SIGBUS, on_fault);
}
