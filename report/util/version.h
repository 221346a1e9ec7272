/* SPDX-License-Identifier: MIT */
#ifndef UTIL_VERSION_H
#define UTIL_VERSION_H

/* The build may set another one. */
#ifndef MMGUARD_VERSION
#define MMGUARD_VERSION "0.1"
#endif

#endif
