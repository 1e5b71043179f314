/** As deep as the program's own: the runner keeps ten times as much of every error that is made. */
Error.stackTraceLimit = 10
