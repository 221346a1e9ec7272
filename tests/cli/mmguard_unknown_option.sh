# SPDX-License-Identifier: MIT
# Stops before the program starts.
mmguard --bakend=guard sh -c "echo started"
