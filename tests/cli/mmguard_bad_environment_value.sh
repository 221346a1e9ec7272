# SPDX-License-Identifier: MIT
MMGUARD_OPTIONS=keep mmguard true
