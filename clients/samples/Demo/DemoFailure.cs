namespace Demo;

/// <summary>Something a person has to know and can act on; the message is all that is shown.</summary>
internal sealed class DemoFailure(string message) : Exception(message);
