"""Learning from reviews: datasets, training runs, evaluations and the models that come of them.

All work is the engine's. What takes long is a row of the table `runs` and one of the documented commands as a process
of its own, one at a time; see `runner.py`.

learning.py   all of it in one hand
asking.py     what may be asked for
places.py     where runs leave what they make
commands.py   a run -> its command line
outcomes.py   what a command left -> what is kept of it
runner.py     THE MAIN PATH: takes up runs, watches over their processes, notes what came of them
models.py     the models that there are; the gate, promotion and rollback
"""
