using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace IdentityHub.Client.RevokedTokens;

/// <summary>
/// Which sessions have ended, or persons, each for at least one lifetime of an access token. Looking up takes no lock,
/// allocates nothing and is from any thread; adding is one caller's at a time.
/// </summary>
/// <remarks>
/// Two generations: what is added goes into the younger, and once per lifetime the older is dropped and the younger takes
/// its place. So everything is remembered for one to two lifetimes, and forgetting costs nothing. A key is a hash of the
/// name under a seed of this process; 95 bits of it are compared, so that two names that share them are not to be expected.
/// </remarks>
internal sealed class EndedMarks(TimeSpan lifetime, int capacity, TimeProvider time)
{
    /// <summary>The value of a session: every token of it is worth nothing.</summary>
    public const uint Always = uint.MaxValue;

    private readonly Lock _adding = new();
    private readonly long _seed = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
    private volatile MarkTable _young = new();
    private volatile MarkTable _old = new();
    private DateTimeOffset _turn = time.GetUtcNow() + lifetime;

    public int Count => _young.Count + _old.Count;

    /// <summary>Remembers that tokens issued up to <paramref name="until"/> (seconds since 1970) are worth nothing. False where there is no room.</summary>
    public bool Add(string name, uint until)
    {
        lock (_adding)
        {
            Turn();
            if (_young.Count + _old.Count >= capacity)
            {
                return false;
            }

            var grown = _young.WithRoom();
            grown.Add(Key(name), until);
            _young = grown;
            return true;
        }
    }

    /// <summary>Drops what is old enough; called now and then, also when nothing is added.</summary>
    public void Sweep()
    {
        lock (_adding)
        {
            Turn();
        }
    }

    /// <summary>Up to which second of issue a token of this name is worth nothing; 0 where nothing is known.</summary>
    public uint Find(string name)
    {
        var key = Key(name);
        // The young one first, and a turn replaces the old one first: a table that moves between the two looks is seen twice
        // and never not at all.
        var inYoung = _young.Find(key);
        return Math.Max(inYoung, _old.Find(key));
    }

    private void Turn()
    {
        var now = time.GetUtcNow();
        if (now < _turn)
        {
            return;
        }

        // After a pause of two lifetimes both are too old.
        var both = now >= _turn + lifetime;
        _turn = now + lifetime;
        _old = both ? new MarkTable() : _young;
        _young = new MarkTable();
    }

    private UInt128 Key(string name) =>
        XxHash128.HashToUInt128(MemoryMarshal.AsBytes(name.AsSpan()), _seed);
}
