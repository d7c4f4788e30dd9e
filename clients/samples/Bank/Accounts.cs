using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Bank;

/// <summary>One account for each person, with play money, in memory: gone when the process ends. Safe for concurrent use.</summary>
internal sealed class Accounts
{
    private static readonly Account Opened = new(2_480.50m, [new("Opening gift", 2_480.50m)]);

    private readonly ConcurrentDictionary<string, Account> _accounts = new();

    public Account Of(string sub) => _accounts.GetValueOrDefault(sub, Opened);

    /// <summary>False when the account does not hold that much; then nothing is moved.</summary>
    public bool Transfer(string sub, string to, decimal amount)
    {
        while (true)
        {
            var before = _accounts.GetOrAdd(sub, Opened);
            if (before.Balance < amount)
            {
                return false;
            }

            if (_accounts.TryUpdate(sub, new(before.Balance - amount, before.Entries.Insert(0, new(to, -amount))), before))
            {
                return true;
            }
        }
    }
}

/// <summary>A balance and how it came about, newest entry first.</summary>
internal sealed record Account(decimal Balance, ImmutableList<Entry> Entries);

/// <summary>One movement: below zero is money going out.</summary>
internal sealed record Entry(string Text, decimal Amount);
