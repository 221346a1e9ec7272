# SPDX-License-Identifier: MIT
head -c 30 /bin/true >p && chmod +x p
mmguard ./p
