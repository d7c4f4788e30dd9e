namespace IdentityHub.Client.RevokedTokens;

/// <summary>
/// A hash table of open addressing that only grows: one writer, any number of readers without a lock. A slot has 16 bytes,
/// so that a look-up reads one line of the processor's cache: the upper 64 bits of the key, then 32 of its lower ones beside
/// the value.
/// </summary>
internal sealed class MarkTable(int slots = 1024)
{
    // The second half of a slot is written before the first, which says that the slot is taken; zero is free.
    private readonly ulong[] _slots = new ulong[slots * 2];
    private readonly int _mask = slots - 1;

    public int Count { get; private set; }

    /// <summary>This table, or a copy of twice the size when it is two thirds full.</summary>
    public MarkTable WithRoom()
    {
        var size = _slots.Length / 2;
        if (Count < size / 3 * 2)
        {
            return this;
        }

        var larger = new MarkTable(size * 2);
        for (var at = 0; at < _slots.Length; at += 2)
        {
            if (_slots[at] != 0)
            {
                larger.Add(_slots[at], _slots[at + 1]);
            }
        }

        return larger;
    }

    public void Add(UInt128 key, uint value) => Add(Upper(key), ((ulong)Lower(key) << 32) | value);

    public uint Find(UInt128 key)
    {
        var (upper, lower) = (Upper(key), Lower(key));
        for (var slot = First(upper); ; slot = (slot + 1) & _mask)
        {
            var found = Volatile.Read(ref _slots[slot * 2]);
            if (found == 0)
            {
                return 0;
            }

            if (found == upper && Volatile.Read(ref _slots[(slot * 2) + 1]) is var rest && (uint)(rest >> 32) == lower)
            {
                return (uint)rest;
            }
        }
    }

    private void Add(ulong upper, ulong rest)
    {
        for (var slot = First(upper); ; slot = (slot + 1) & _mask)
        {
            var found = _slots[slot * 2];
            if (found == 0)
            {
                _slots[(slot * 2) + 1] = rest;
                Volatile.Write(ref _slots[slot * 2], upper);
                Count++;
                return;
            }

            if (found == upper && _slots[(slot * 2) + 1] is var known && known >> 32 == rest >> 32)
            {
                // The same key, so the larger of the two has the larger value.
                Volatile.Write(ref _slots[(slot * 2) + 1], Math.Max(known, rest));
                return;
            }
        }
    }

    private int First(ulong upper) => (int)(upper >> 32) & _mask;

    private static ulong Upper(UInt128 key) => (ulong)(key >> 64) | 1;

    private static uint Lower(UInt128 key) => (uint)key;
}
