/* SPDX-License-Identifier: MIT */
#include "trace_builder.h"

#include <stdlib.h>
#include <string.h>

static void builder_put(struct trace_builder *builder, const void *bytes, size_t length)
{
    if (builder->size + length > builder->capacity) {
        builder->capacity = (builder->size + length) * 2;
        builder->data = realloc(builder->data, builder->capacity);
        if (builder->data == NULL)
            abort();
    }
    if (length != 0)
        memcpy(builder->data + builder->size, bytes, length);
    builder->size += length;
}

void builder_init(struct trace_builder *builder)
{
    struct mmt_header header = {.version = MMT_VERSION,
                                .header_size = sizeof header,
                                .byte_order = MMT_BYTE_ORDER,
                                .machine = 62};
    memset(builder, 0, sizeof *builder);
    memcpy(header.magic, MMT_MAGIC, sizeof header.magic);
    builder_put(builder, &header, sizeof header);
}

void builder_free(struct trace_builder *builder)
{
    free(builder->data);
    memset(builder, 0, sizeof *builder);
}

void builder_record(struct trace_builder *builder, uint32_t type, const void *payload,
                    size_t length)
{
    static const uint8_t zeros[8];
    struct mmt_record record = {.type = type, .length = length};
    builder_put(builder, &record, sizeof record);
    builder_put(builder, payload, length);
    builder_put(builder, zeros, -length & 7);
    builder->records++;
}

/* A payload of a fixed part and texts behind it. */
struct payload {
    uint8_t bytes[4096];
    size_t size;
};

static struct mmt_text payload_text(struct payload *payload, const void *text, size_t length)
{
    struct mmt_text result = {(uint32_t)payload->size, (uint32_t)length};
    if (length > sizeof payload->bytes - payload->size)
        abort();
    memcpy(payload->bytes + payload->size, text, length);
    payload->size += length;
    return result;
}

static struct mmt_text payload_string(struct payload *payload, const char *text)
{
    return payload_text(payload, text, strlen(text));
}

void builder_process(struct trace_builder *builder, uint32_t pid, const char *executable,
                     const char *directory)
{
    struct payload payload = {.size = sizeof(struct mmt_process)};
    struct mmt_process process = {.pid = pid,
                                  .parent_pid = 1,
                                  .ending = MMT_ENDING_EXIT,
                                  .status = 0,
                                  .page_size = 4096,
                                  .start_time = 1,
                                  .end_time = 2};
    process.executable = payload_string(&payload, executable);
    process.arguments = payload_text(&payload, "./demo\0-x", 10);
    process.directory = payload_string(&payload, directory);
    process.backend = payload_string(&payload, "guard");
    memcpy(payload.bytes, &process, sizeof process);
    builder_record(builder, MMT_PROCESS, payload.bytes, payload.size);
}

void builder_module(struct trace_builder *builder, uint32_t id, uint32_t flags, uint64_t bias,
                    const char *path, const void *build_id, size_t build_id_size)
{
    struct payload payload = {.size = sizeof(struct mmt_module)};
    struct mmt_module module = {
        .id = id, .flags = flags, .bias = bias, .start = bias, .end = bias + 0x100000};
    module.path = payload_string(&payload, path);
    module.build_id = payload_text(&payload, build_id, build_id_size);
    memcpy(payload.bytes, &module, sizeof module);
    builder_record(builder, MMT_MODULE, payload.bytes, payload.size);
}

void builder_thread(struct trace_builder *builder, uint32_t id, const char *name)
{
    struct mmt_thread thread = {.id = id, .tid = 1000 + id, .flags = id == 1 ? MMT_THREAD_MAIN : 0};
    thread.creator = id == 1 ? 0 : 1;
    memcpy(thread.name, name, strnlen(name, sizeof thread.name));
    builder_record(builder, MMT_THREAD, &thread, sizeof thread);
}

uint32_t builder_frame(struct trace_builder *builder, uint32_t parent, uint32_t module, uint64_t pc)
{
    struct {
        struct mmt_stacks head;
        struct mmt_frame frame;
    } record = {{++builder->stacks, 1}, {pc, parent, module}};
    builder_record(builder, MMT_STACKS, &record, sizeof record);
    return builder->stacks;
}

void builder_finding(struct trace_builder *builder, const struct mmt_finding *finding,
                     const char *call, const char *where)
{
    struct payload payload = {.size = sizeof *finding};
    struct mmt_finding record = *finding;
    record.call = payload_string(&payload, call);
    record.where = payload_string(&payload, where);
    memcpy(payload.bytes, &record, sizeof record);
    builder_record(builder, MMT_FINDING, payload.bytes, payload.size);
}

void builder_leak_check(struct trace_builder *builder, uint32_t status)
{
    struct mmt_leak_check check = {.status = status};
    builder_record(builder, MMT_LEAK_CHECK, &check, sizeof check);
}

void builder_leaks(struct trace_builder *builder, const struct mmt_leak *leaks, size_t count)
{
    size_t size = sizeof(struct mmt_leaks) + count * sizeof *leaks;
    uint8_t *payload = malloc(size);
    const struct mmt_leaks head = {count};
    if (payload == NULL)
        abort();
    memcpy(payload, &head, sizeof head);
    memcpy(payload + sizeof head, leaks, count * sizeof *leaks);
    builder_record(builder, MMT_LEAKS, payload, size);
    free(payload);
}

void builder_counters(struct trace_builder *builder, const struct mmt_counters *counters)
{
    builder_record(builder, MMT_COUNTERS, counters, sizeof *counters);
}

void builder_note(struct trace_builder *builder, uint32_t severity, const char *text)
{
    struct payload payload = {.size = sizeof(struct mmt_note)};
    struct mmt_note note = {.severity = severity};
    note.text = payload_string(&payload, text);
    memcpy(payload.bytes, &note, sizeof note);
    builder_record(builder, MMT_NOTE, payload.bytes, payload.size);
}

void builder_end(struct trace_builder *builder)
{
    struct mmt_end end = {builder->records, builder->size + sizeof(struct mmt_record) + sizeof end};
    builder_record(builder, MMT_END, &end, sizeof end);
}

void builder_sample(struct trace_builder *builder)
{
    builder_init(builder);
    builder_process(builder, 1234, "/srv/demo/demo", "/srv/demo");
    builder_module(builder, 1, MMT_MODULE_MAIN, 0x400000, "/nonexistent/demo", "\1\2\3\4", 4);
    builder_module(builder, 2, MMT_MODULE_GUARD, 0x7f0000000000, "/nonexistent/libguard.so",
                   "\5\6\7\10", 4);
    builder_thread(builder, 1, "demo");
    builder_thread(builder, 2, "worker\033[2J");
    uint32_t outer = builder_frame(builder, 0, 1, 0x401000);
    uint32_t middle = builder_frame(builder, outer, 1, 0x402000);
    uint32_t inner = builder_frame(builder, middle, 2, 0x7f0000001000);
    struct mmt_finding finding = {
        .id = 1,
        .kind = MMT_ERROR_USE_AFTER_FREE_READ,
        .flags = MMT_FINDING_BLOCK | MMT_FINDING_FREED | MMT_FINDING_INSTRUCTION,
        .direction = MMT_DIRECTION_READ,
        .count = 2,
        .address = 0x5008,
        .thread = 1,
        .stack = middle,
        .block_start = 0x5000,
        .block_size = 24,
        .block_alignment = 16,
        .alloc_function = MMT_FUNCTION_MALLOC,
        .free_function = MMT_FUNCTION_FREE,
        .alloc_thread = 1,
        .alloc_stack = inner,
        .free_thread = 2,
        .free_stack = inner,
        .instruction_length = 4,
        .instruction = {0x48, 0x8b, 0x40, 0x08}, /* mov rax, [rax + 8] */
    };
    finding.registers[MMT_RAX] = 0x5000;
    builder_finding(builder, &finding, "", "");
    builder_leak_check(builder, MMT_LEAK_DONE);
    const struct mmt_leak leaks[] = {
        {.stack = inner,
         .thread = 1,
         .function = MMT_FUNCTION_MALLOC,
         .kind = MMT_LEAK_DEFINITE,
         .blocks = 2,
         .bytes = 100},
        {.stack = middle,
         .thread = 2,
         .function = MMT_FUNCTION_MALLOC,
         .kind = MMT_LEAK_INDIRECT,
         .blocks = 1,
         .bytes = 50},
        {.stack = outer,
         .thread = 1,
         .function = MMT_FUNCTION_MALLOC,
         .kind = MMT_LEAK_REACHABLE,
         .blocks = 3,
         .bytes = 7},
    };
    builder_leaks(builder, leaks, 3);
    const struct mmt_counters counters = {.allocations = 10, .frees = 4, .findings = 1};
    builder_counters(builder, &counters);
    builder_note(builder, MMT_NOTE_DEGRADED, "guards ran out");
    builder_end(builder);
}
