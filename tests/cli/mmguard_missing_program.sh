# SPDX-License-Identifier: MIT
mmguard mmguard-no-such-program
