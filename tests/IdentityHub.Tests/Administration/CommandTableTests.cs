using System.CommandLine;
using IdentityHub.Access;
using Xunit;

namespace IdentityHub.Tests.Administration;

/// <summary>
/// Every word of the command line. It has no roles: who can read the settings and the database of an installation is its
/// administrator, and everybody else has no command; what is done there is <c>command-line</c>'s in the audit. A command
/// that is not in the table is found here, and so is a capability that cannot be used without a browser.
/// </summary>
public sealed class CommandTableTests
{
    /// <summary>Each with the capability that the same needs elsewhere; null where there is nothing of the kind.</summary>
    private static readonly Dictionary<string, Capability?> Table = new()
    {
        ["serve"] = null,
        ["migrate"] = null,
        ["admin invite"] = Capability.ManageAdministrators,
        ["admin list"] = Capability.ManageAdministrators,
        ["admin set"] = Capability.ManageAdministrators,
        ["admin remove"] = Capability.ManageAdministrators,
        ["person add"] = null,
        ["person find"] = Capability.ReadPeople,
        ["person show"] = Capability.ReadPeople,
        ["person end-all"] = Capability.EndSessions,
        ["person disable"] = Capability.ManagePeople,
        ["person enable"] = Capability.ManagePeople,
        ["person require-new-password"] = Capability.ManagePeople,
        ["person delete"] = Capability.ManagePeople,
        ["session list"] = Capability.ReadPeople,
        ["session end"] = Capability.EndSessions,
        ["end-many start"] = Capability.EndSessions,
        ["end-many status"] = Capability.ReadRevocations,
        ["end-many cancel"] = Capability.EndSessions,
        ["rp add"] = Capability.ManageRelyingParties,
        ["rp list"] = Capability.ReadRelyingParties,
        ["rp show"] = Capability.ReadRelyingParties,
        ["rp rotate-secret"] = Capability.ManageRelyingParties,
        ["rp end-previous-secret"] = Capability.ManageRelyingParties,
        ["rp disable"] = Capability.ManageRelyingParties,
        ["rp enable"] = Capability.ManageRelyingParties,
        ["rp remove"] = Capability.ManageRelyingParties,
        ["rp ring"] = Capability.RedriveRevocations,
        ["rp prove"] = Capability.ManageRelyingParties,
        ["revocation acts"] = Capability.ReadRevocations,
        ["revocation show"] = Capability.ReadRevocations,
        ["revocation export"] = Capability.ReadRevocations,
        ["revocation list"] = Capability.ReadRevocations,
        ["revocation redrive"] = Capability.RedriveRevocations,
        ["keys list"] = Capability.ReadKeys,
        ["keys rotate"] = Capability.RotateKeys,
        ["audit verify"] = Capability.ReadAudit,
        ["audit export"] = Capability.ReadAudit,
    };

    [Fact]
    public void Every_command_is_in_the_table_and_says_what_it_does()
    {
        var commands = Leaves(HubCommand.Create(), "").ToList();

        Assert.Equal(Table.Keys.Order(StringComparer.Ordinal), commands.Select(c => c.Words).Order(StringComparer.Ordinal));
        Assert.All(commands, c => Assert.False(string.IsNullOrWhiteSpace(c.Command.Description), c.Words));
        Assert.All(commands.SelectMany(c => c.Command.Options.Cast<Symbol>().Concat(c.Command.Arguments).Select(s => (c.Words, Symbol: s))), s => Assert.False(string.IsNullOrWhiteSpace(s.Symbol.Description), $"{s.Words} {s.Symbol.Name}"));
    }

    [Fact]
    public void Every_capability_can_be_used_from_the_command_line() =>
        Assert.Equal([], Enum.GetValues<Capability>().Except(Table.Values.OfType<Capability>()));

    [Fact]
    public void Every_act_and_list_answers_programs_in_JSON()
    {
        string[] without = ["serve", "migrate", "person add"];

        Assert.Equal(without.Order(StringComparer.Ordinal), Leaves(HubCommand.Create(), "").Where(c => !c.Command.Options.Any(o => o.Name == "--json")).Select(c => c.Words).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<(string Words, Command Command)> Leaves(Command command, string before) => command.Subcommands.Count == 0
        ? [(before, command)]
        : command.Subcommands.SelectMany(c => Leaves(c, before.Length == 0 ? c.Name : $"{before} {c.Name}"));
}
