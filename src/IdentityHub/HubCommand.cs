using System.CommandLine;
using IdentityHub.Account;
using IdentityHub.Administration;
using IdentityHub.Audit;

namespace IdentityHub;

/// <summary>The command line: <c>serve</c> (also without a word), <c>migrate</c>, and one word per capability.</summary>
internal static class HubCommand
{
    public static RootCommand Create()
    {
        var root = new RootCommand("IdentityHub: an OpenID Connect provider that can end every session.");
        var serve = new Command("serve", "Serve people and applications (the default).");
        var migrate = new Command("migrate", "Bring the database to this version.");
        var role = new Option<string?>("--role") { Description = "What this node does: web (people and applications), dispatcher (tells applications that sessions are over) or all (the default)." };
        root.Add(role);
        serve.Add(role);
        foreach (var command in new Command[] { root, serve, migrate })
        {
            // What is left is configuration in the ways of .NET: --urls, --Hub:Issuer=…
            command.TreatUnmatchedTokensAsErrors = false;
        }

        root.SetAction((parsed, cancel) => HubHost.ServeAsync([.. parsed.UnmatchedTokens, .. Role(parsed.GetValue(role))], cancel));
        serve.SetAction((parsed, cancel) => HubHost.ServeAsync([.. parsed.UnmatchedTokens, .. Role(parsed.GetValue(role))], cancel));
        migrate.SetAction((parsed, cancel) => HubHost.MigrateAsync([.. parsed.UnmatchedTokens], cancel));
        root.Add(serve);
        root.Add(migrate);
        root.Add(RelyingPartyCommands.AddTo(RelyingPartyCommand.Create(HubHost.RunAsync), HubHost.RunAsync));
        root.Add(AdministratorCommand.Create(HubHost.RunAsync));
        var person = PersonCommand.Create(HubHost.RunAsync);
        PersonCommands.AddTo(person, HubHost.RunAsync);
        root.Add(person);
        root.Add(SessionCommand.Create(HubHost.RunAsync));
        root.Add(EndManyCommand.Create(HubHost.RunAsync));
        root.Add(RevocationCommands.Create(HubHost.RunAsync));
        root.Add(KeysCommand.Create(HubHost.RunAsync));
        var audit = AuditCommand.Create(HubHost.RunAsync);
        AuditExportCommand.AddTo(audit, HubHost.RunAsync);
        root.Add(audit);
        return root;
    }

    private static string[] Role(string? role) => role is null ? [] : [$"--Hub:Role={role}"];
}
