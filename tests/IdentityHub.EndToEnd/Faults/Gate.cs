namespace IdentityHub.EndToEnd.Faults;

/// <summary>Open or closed; while closed, whoever passes waits.</summary>
internal sealed class Gate
{
    private volatile TaskCompletionSource _opened = Opened();

    public Task PassAsync() => _opened.Task;

    public void Close()
    {
        if (_opened.Task.IsCompleted)
        {
            _opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Open() => _opened.TrySetResult();

    private static TaskCompletionSource Opened()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }
}
