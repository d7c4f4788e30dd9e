using System.CommandLine;
using System.Globalization;
using IdentityHub.Keys;
using IdentityHub.Revocation;
using static IdentityHub.Administration.CommandAnswer;

namespace IdentityHub.Administration;

/// <summary><c>hub keys list | rotate</c>.</summary>
internal static class KeysCommand
{
    public static Command Create(Func<Func<IServiceProvider, CancellationToken, Task<int>>, CancellationToken, Task<int>> run)
    {
        var json = new Option<bool>("--json") { Description = "Print JSON: one value a line." };
        var list = new Command("list", "Which keys are active, next and retired; never their private parts.") { json };
        list.SetAction((parsed, cancel) => run(async (services, stop) =>
        {
            await services.GetRequiredService<KeyRing>().LoadAsync(stop);
            foreach (var key in await services.GetRequiredService<SigningKeys>().ListAsync(stop))
            {
                Print(key, parsed.GetValue(json));
            }

            return Done;
        }, cancel));
        var rotate = new Command("rotate", "Makes a successor of every key now. It is used after Keys:PublishAhead; nobody is signed out.") { json };
        rotate.SetAction((parsed, cancel) => run(async (services, stop) =>
        {
            var keys = services.GetRequiredService<SigningKeys>();
            var made = await keys.RotateAsync(Initiator.CommandLine, stop);
            foreach (var key in (await keys.ListAsync(stop)).Where(k => made.Contains(k.Id)))
            {
                Print(key, parsed.GetValue(json));
            }

            return made.Count > 0 ? Done : await RefuseAsync("Successors are published already and wait for their turn; nothing was made.");
        }, cancel));
        return new Command("keys", "What the hub signs and encrypts with.") { list, rotate };
    }

    private static void Print(ListedKey key, bool json)
    {
        if (json)
        {
            Write(key);
            return;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{key.Algorithm}  {key.State.ToString().ToLowerInvariant()}  {key.Id}  published {key.CreatedAt:yyyy-MM-ddTHH:mm:ssZ}  used from {key.ActiveFrom:yyyy-MM-ddTHH:mm:ssZ}  {(key.RetiresAt is { } end ? $"accepted until {end:yyyy-MM-ddTHH:mm:ssZ}" : "")}").TrimEnd());
    }
}
