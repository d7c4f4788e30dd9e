using System.CommandLine;
using IdentityHub.Keys;
using IdentityHub.Revocation;

namespace IdentityHub.Administration;

/// <summary><c>hub keys list | rotate</c>.</summary>
internal static class KeysCommand
{
    public static Command Create(Func<Func<IServiceProvider, CancellationToken, Task<int>>, CancellationToken, Task<int>> run)
    {
        var json = new Option<bool>("--json") { Description = "Answer in JSON, one object a line." };
        var list = new Command("list", "Which keys are active, next and retired; never their private parts.") { json };
        list.SetAction((parsed, cancel) => run((services, stop) => ListAsync(services, Spoken.Of(parsed, json), stop), cancel));
        var rotate = new Command("rotate", "Makes a successor of every key now. It is used after Keys:PublishAhead; nobody is signed out.") { json };
        rotate.SetAction((parsed, cancel) => run((services, stop) => RotateAsync(services, Spoken.Of(parsed, json), stop), cancel));
        return new Command("keys", "What the hub signs and encrypts with.") { list, rotate };
    }

    private static async Task<int> ListAsync(IServiceProvider services, Spoken answer, CancellationToken cancel)
    {
        await services.GetRequiredService<KeyRing>().LoadAsync(cancel);
        foreach (var key in await services.GetRequiredService<SigningKeys>().ListAsync(cancel))
        {
            Say(key, answer);
        }

        return Spoken.Done;
    }

    private static async Task<int> RotateAsync(IServiceProvider services, Spoken answer, CancellationToken cancel)
    {
        var keys = services.GetRequiredService<SigningKeys>();
        var made = await keys.RotateAsync(Initiator.CommandLine, cancel);
        foreach (var key in (await keys.ListAsync(cancel)).Where(k => made.Contains(k.Id)))
        {
            Say(key, answer);
        }

        return made.Count > 0 ? Spoken.Done : await answer.RefuseAsync("Successors are published already and wait for their turn; nothing was made.");
    }

    private static void Say(ListedKey key, Spoken answer) => answer.Answer(key, FormattableString.Invariant(
        $"{key.Algorithm}  {key.State.ToString().ToLowerInvariant()}  {key.Id}  published {key.CreatedAt:yyyy-MM-ddTHH:mm:ssZ}  used from {key.ActiveFrom:yyyy-MM-ddTHH:mm:ssZ}  {(key.RetiresAt is { } end ? FormattableString.Invariant($"accepted until {end:yyyy-MM-ddTHH:mm:ssZ}") : "")}").TrimEnd());
}
