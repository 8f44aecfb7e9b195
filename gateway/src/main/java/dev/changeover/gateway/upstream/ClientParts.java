package dev.changeover.gateway.upstream;

import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;

/** What all clients share: threads, timers and buffers. */
record ClientParts(
    QueuedThreadPool threads,
    ScheduledExecutorScheduler scheduler,
    ArrayByteBufferPool buffers,
    Executor background) {}
