/* SPDX-License-Identifier: MIT */
#include "base/notice.h"

#include <stdatomic.h>
#include <stddef.h>

#include "base/bits.h"
#include "base/output.h"
#include "base/print.h"

static struct {
    struct {
        const char *_Atomic text;
        _Atomic uint32_t severity;
    } said[NOTICE_MAX];
} notices;

void notice_once(uint32_t severity, const char *text)
{
    for (uint32_t i = 0; i < NOTICE_MAX; i++) {
        const char *seen = atomic_load(&notices.said[i].text);
        if (!seen) {
            atomic_store(&notices.said[i].severity, severity);
            if (atomic_compare_exchange_strong(&notices.said[i].text, &seen, text))
                break;
        }
        if (seen == text)
            return;
    }
    if (output_quiet())
        return;
    char buffer[512];
    int fd = output_open();
    if (fd < 0)
        return;
    struct print p;
    print_to_fd(&p, fd, buffer, sizeof(buffer));
    print_text(&p, "libguard: ");
    print_text(&p, text);
    print_char(&p, '\n');
    print_end(&p);
    output_close(fd);
}

uint32_t notice_list(struct notice *list, uint32_t size)
{
    uint32_t count = 0;
    while (count < NOTICE_MAX && count < size) {
        const char *text = atomic_load(&notices.said[count].text);
        if (!text)
            break;
        list[count] = (struct notice){atomic_load(&notices.said[count].severity), text};
        count++;
    }
    return count;
}
