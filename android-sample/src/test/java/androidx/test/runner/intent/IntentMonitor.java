package androidx.test.runner.intent;

/** Nobody asks it anything. A stand-in. */
public interface IntentMonitor {}
