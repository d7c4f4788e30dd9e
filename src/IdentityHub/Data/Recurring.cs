namespace IdentityHub.Data;

/// <summary>
/// Work that comes round again. A round that fails is reported and the next one tries again: what keeps a table small or
/// a gauge true must not take the node down.
/// </summary>
internal abstract class Recurring(TimeSpan interval, TimeProvider time) : BackgroundService
{
    protected TimeProvider Time => time;

    /// <summary>Does a part of the round, small enough for one statement or transaction.</summary>
    /// <returns>True when there may be more to do at once.</returns>
    protected abstract Task<bool> DoAsync(CancellationToken stopping);

    /// <summary>Reports a round that failed, in the words of what it does.</summary>
    protected abstract void Failed(Exception problem);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await DoAsync(stoppingToken))
                {
                }
            }
            catch (Exception problem) when (!stoppingToken.IsCancellationRequested)
            {
                Failed(problem);
            }
        }
    }
}
