using IdentityHub.EndToEnd.Faults;
using IdentityHub.EndToEnd.Statements;

namespace IdentityHub.Benchmarks;

/// <summary>One kind of work: what a worker prepares for itself, and what it then does over and over.</summary>
internal sealed record Work(string Name, string Title, int Statements, Func<Rig, int, Task<Func<Task>>> PrepareAsync)
{
    public static IReadOnlyList<Work> All { get; } =
    [
        new("sso", "SSO hop (authorize with a session, redeem the code)", Expected.Authorize + Expected.Redeem, async (rig, worker) =>
        {
            var person = await rig.SignInAsync($"sso-{worker}-{Guid.CreateVersion7():n}");
            return () => person.EnterAsync(rig.Party(worker), "openid");
        }),
        new("refresh", "Refresh with rotation", Expected.Refresh, async (rig, worker) =>
        {
            var person = await rig.SignInAsync($"refresh-{worker}-{Guid.CreateVersion7():n}");
            var tokens = await person.EnterAsync(rig.Party(worker), "openid");
            return async () => tokens = (await person.Back.RefreshAsync(rig.Party(worker), tokens.RefreshToken)).Expect();
        }),
        new("credentials", "Client credentials (JWT)", Expected.ClientCredentials, (rig, _) =>
        {
            var client = new TokenClient(rig.Hub.Address);
            return Task.FromResult<Func<Task>>(async () => (await client.ClientCredentialsAsync(Rig.Machine, "api")).Expect());
        }),
        new("introspection", "Introspection of a session's access token", Expected.Introspection, async (rig, worker) =>
        {
            var person = await rig.SignInAsync($"introspect-{worker}-{Guid.CreateVersion7():n}");
            var tokens = await person.EnterAsync(rig.Party(worker), "openid");
            return async () =>
            {
                if (!await person.Back.IsActiveAsync(rig.Party(worker), tokens.AccessToken))
                {
                    throw new InvalidOperationException("The token is not active: nothing worth measuring.");
                }
            };
        }),
    ];
}
