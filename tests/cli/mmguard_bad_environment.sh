# SPDX-License-Identifier: MIT
MMGUARD_OPTIONS=keep=1:on_eror=abort mmguard true
