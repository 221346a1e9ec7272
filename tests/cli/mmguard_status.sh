# SPDX-License-Identifier: MIT
mmguard sh -c "exit 7"
