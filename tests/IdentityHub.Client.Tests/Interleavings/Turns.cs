namespace IdentityHub.Client.Tests.Interleavings;

/// <summary>
/// Lets operations go on one piece at a time, in an order that is chosen from outside, all on one thread: the same choices
/// give the same history. A piece ends where an operation takes its next turn, or where it is done.
/// </summary>
internal sealed class Turns
{
    private const int AtOnce = 4;

    private readonly List<TaskCompletionSource> _waiting = [];
    private bool _running;

    /// <summary>Waits until this operation is chosen. Ends it when the node it runs on has died meanwhile.</summary>
    public async Task TakeAsync(Life life)
    {
        if (_running)
        {
            // Not RunContinuationsAsynchronously: who is chosen goes on at once, inside the loop below.
            var chosen = new TaskCompletionSource();
            _waiting.Add(chosen);
            await chosen.Task;
            life.Require();
        }
    }

    /// <param name="steps">Each begins an operation, or does something in one piece.</param>
    /// <param name="choose">Picks one of so many.</param>
    public void Run(IEnumerable<Func<Task>> steps, Func<int, int> choose)
    {
        _running = true;
        List<Task> begun = [];
        using var next = steps.GetEnumerator();
        var more = next.MoveNext();
        while (more || _waiting.Count > 0)
        {
            var begins = more && _waiting.Count < AtOnce ? 1 : 0;
            var choice = choose(_waiting.Count + begins);
            if (choice == _waiting.Count)
            {
                begun.Add(next.Current());
                more = next.MoveNext();
            }
            else
            {
                var chosen = _waiting[choice];
                _waiting.RemoveAt(choice);
                chosen.SetResult();
            }
        }

        _running = false;
        foreach (var operation in begun)
        {
            // Nothing may wait for anything but its turn, or the order would not be ours.
            Assert.True(operation.IsCompleted);
            operation.GetAwaiter().GetResult();
        }
    }
}

/// <summary>One run of a node's process.</summary>
internal sealed class Life
{
    private bool _over;

    public void End() => _over = true;

    public void Require()
    {
        if (_over)
        {
            throw new NodeDiedException();
        }
    }
}

/// <summary>The process was killed: what it was doing stops where it is. A cancellation, so that nobody wraps it.</summary>
internal sealed class NodeDiedException : OperationCanceledException;
