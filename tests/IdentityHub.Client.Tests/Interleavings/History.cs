using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using IdentityHub.Client.Sessions;

namespace IdentityHub.Client.Tests.Interleavings;

/// <summary>
/// What happens and in which order: callbacks, uses, logout tokens and their repetitions, sign-outs, time and the death of
/// nodes, and after each piece of any of them, which one goes on.
/// </summary>
internal sealed record History(IReadOnlyList<int> Steps, IReadOnlyList<int> Choices)
{
    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromMilliseconds(400), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(40),
        TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(11), TimeSpan.FromMinutes(61), TimeSpan.FromHours(13),
    ];

    public static Arbitrary<History> Any() => Arb.From(
        from steps in Gen.Choose(0, 99_999).ArrayOf()
        from choices in Gen.Choose(0, 99_999).ArrayOf(97)
        select new History(steps, choices),
        history => Enumerable.Range(0, history.Steps.Count)
            .Select(i => history with { Steps = [.. history.Steps.Where((_, at) => at != i)] }));

    public override string ToString() => $"Steps = [{string.Join(", ", Steps)}], Choices = [{string.Join(", ", Choices)}]";

    /// <summary>What went wrong, or null.</summary>
    public string? PlayOn(Nodes nodes, Tally tally)
    {
        nodes.Begin();
        var scene = new Scene(nodes, tally);
        var taken = 0;
        nodes.Turns.Run(Steps.Select(step => scene.Step(step)), options => Choices[taken++ % Choices.Count] % options);
        return scene.Violation ?? scene.LookEverywhere();
    }

    /// <summary>That the histories were worth playing.</summary>
    public sealed class Tally
    {
        public int Stored { get; set; }

        public int RefusedLate { get; set; }

        public int Confirmed { get; set; }

        public int Killed { get; set; }

        public int FoundAlive { get; set; }

        public override string ToString() =>
            $"{Stored} sessions stored, {RefusedLate} refused late, {Confirmed} logouts confirmed, {Killed} operations killed, {FoundAlive} looks at a live session";
    }

    private sealed class Scene(Nodes nodes, Tally tally)
    {
        private readonly Hub _hub = new();
        private readonly List<(string Key, Hub.HubSession Of)> _stored = [];
        private readonly List<(string Key, Hub.HubSession Of)> _cookies = [];
        private readonly HashSet<string> _signedOut = [];

        public string? Violation { get; private set; }

        private DateTimeOffset Now => nodes.Time.GetUtcNow();

        public Func<Task> Step(int step)
        {
            var (which, node) = (step / 40, step / 20 % 2);
            return (step % 20) switch
            {
                < 6 => () => OnAsync(node, n => SignInAsync(n, which)),
                < 8 => () => OnAsync(node, n => UseAsync(n, which)),
                < 10 => () => OnAsync(node, n => LookAsync(n, which)),
                < 13 => () => OnAsync(node, n => TellAsync(n, _hub.End(which, everywhere: false, Now))),
                13 or 14 => () => OnAsync(node, n => TellAsync(n, _hub.End(which, everywhere: true, Now))),
                15 or 16 => () => OnAsync(node, n => TellAsync(n, Earlier(which))),
                17 => () => OnAsync(node, n => SignOutAsync(n, which)),
                18 => () => Do(() => nodes.Time.Advance(Waits[which % Waits.Length])),
                _ => () => Do(() => nodes.Restart(node)),
            };
        }

        /// <summary>When all is still: on every node, now and after what is remembered for a while is forgotten.</summary>
        public string? LookEverywhere()
        {
            foreach (var wait in new[] { TimeSpan.Zero, TimeSpan.FromMinutes(11), TimeSpan.FromHours(6) })
            {
                nodes.Time.Advance(wait);
                for (var node = 0; node < nodes.Count; node++)
                {
                    foreach (var (key, of) in _stored)
                    {
                        if (nodes.At(node).Store.FindAsync(key, default).AsTask().GetAwaiter().GetResult() is not null && IsOver(key, of))
                        {
                            return $"In the end, {wait} later, {of.Sid ?? of.Subject} lives on.";
                        }
                    }
                }
            }

            return null;
        }

        private bool IsOver(string key, Hub.HubSession of) =>
            _signedOut.Contains(key) || _hub.Announcements.Exists(a => a.Confirmed && a.Ended.Contains(of));

        /// <summary>An operation of a node, which stops where it is when the node dies.</summary>
        private async Task OnAsync(int at, Func<Nodes.Node, Task> operation)
        {
            var node = nodes.At(at);
            try
            {
                await operation(node);
            }
            catch (NodeDiedException)
            {
                tally.Killed++;
            }
        }

        private static Task Do(Action act)
        {
            act();
            return Task.CompletedTask;
        }

        private async Task SignInAsync(Nodes.Node node, int which)
        {
            // The code is redeemed; then the answer is on its way to us.
            var of = _hub.SignIn(which);
            var (redeemed, key) = (Now, SessionCookie.KeyOf(SessionCookie.NewValue()));
            await nodes.Turns.TakeAsync(node.Life);
            if (Now - redeemed > TimeSpan.FromMinutes(9))
            {
                return; // nobody waits that long for an answer
            }

            _stored.Add((key, of));
            var stored = await node.Store.StoreAsync(new()
            {
                Key = key, Issuer = "https://id.example", Subject = of.Subject, Sid = of.Sid, IssuedAt = Hub.Seconds(redeemed),
                ExpiresAt = Now.AddHours(1), EndsAt = Now.AddHours(12), Ticket = RandomNumberGenerator.GetBytes(8),
            }, default);
            if (stored)
            {
                _cookies.Add((key, of));
            }

            (tally.Stored, tally.RefusedLate) = (tally.Stored + (stored ? 1 : 0), tally.RefusedLate + (stored ? 0 : 1));
        }

        private async Task UseAsync(Nodes.Node node, int which)
        {
            if (_cookies.Count > 0 && _cookies[which % _cookies.Count].Key is var key && await node.Store.FindAsync(key, default) is { } session)
            {
                var until = Now.AddHours(1);
                await node.Store.ExtendAsync(key, until < session.EndsAt ? until : session.EndsAt, default);
            }
        }

        private async Task LookAsync(Nodes.Node node, int which)
        {
            if (_cookies.Count == 0)
            {
                return;
            }

            var (key, of) = _cookies[which % _cookies.Count];
            var wasOver = IsOver(key, of);
            if (await node.Store.FindAsync(key, default) is not null)
            {
                tally.FoundAlive++;
                Violation ??= wasOver ? $"{of.Sid ?? of.Subject} was found after its end was confirmed." : null;
            }
        }

        private Hub.Announcement? Earlier(int which) =>
            _hub.Announcements.Count == 0 ? null : _hub.Announcements[which % _hub.Announcements.Count];

        private async Task TellAsync(Nodes.Node node, Hub.Announcement? announcement)
        {
            if (announcement is null)
            {
                return;
            }

            await nodes.Turns.TakeAsync(node.Life);
            if (Now >= announcement.Notice.TokenExpiresAt)
            {
                return; // it would not pass the checks before
            }

            var notice = announcement.Notice with { RememberUntil = Now.AddMinutes(10) };
            if (await node.Store.EndAsync(notice, default) is LogoutOutcome.Ended)
            {
                announcement.Confirmed = true;
                tally.Confirmed++;
            }
        }

        private async Task SignOutAsync(Nodes.Node node, int which)
        {
            if (_cookies.Count > 0)
            {
                var (key, _) = _cookies[which % _cookies.Count];
                await node.Store.EndAsync(key, default);
                _signedOut.Add(key);
            }
        }
    }
}
