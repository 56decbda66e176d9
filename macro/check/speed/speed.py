"""Measures the ratios that were recorded: see main.go. They are taken in one run,
by processor time, and may be worse by half before this fails."""
import subprocess
import sys

import toolbox

sys.exit(subprocess.call(["go", "run", "./macro/check/speed", "-guard", "-rounds", "9"], cwd=toolbox.ROOT))
