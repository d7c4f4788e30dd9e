using IdentityHub.Access;
using IdentityHub.Persons;
using IdentityHub.Revocation;
using System.CommandLine;

namespace IdentityHub.Administration;

/// <summary><c>hub admin</c>: who is an administrator. The way to the first one, and back in when nobody is left.</summary>
internal static class AdministratorCommand
{
    public static Command Create(Func<Func<IServiceProvider, CancellationToken, Task<int>>, CancellationToken, Task<int>> run)
    {
        var email = new Argument<string>("email") { Description = "The e-mail address." };
        var json = new Option<bool>("--json") { Description = "Answer in JSON." };
        var invited = new Option<string>("--role") { DefaultValueFactory = _ => AdminRole.Administrator.Name(), Description = "viewer, operator or administrator." };
        var invite = new Command("invite", "Prints a link by which this person becomes an administrator, once and within 24 hours; makes their account if there is none.") { email, invited, json };
        invite.SetAction((parsed, cancel) => run(
            (services, _) => InviteAsync(services.GetRequiredService<Invitations>(), parsed.GetValue(email)!, parsed.GetValue(invited)!, Spoken.Of(parsed, json)), cancel));

        var list = new Command("list", "Who is an administrator.") { json };
        list.SetAction((parsed, cancel) => run((services, stop) => ListAsync(services.GetRequiredService<AdministratorList>(), Spoken.Of(parsed, json), stop), cancel));

        var role = new Argument<string>("role") { Description = "viewer, operator or administrator." };
        var set = new Command("set", "Gives a person who has an account this role and no other.") { email, role, json };
        set.SetAction((parsed, cancel) => run((services, _) => Capabilities.RoleOf(parsed.GetValue(role)) is { } wanted
            ? SetAsync(services.GetRequiredService<AdministratorList>(), parsed.GetValue(email)!, wanted, Spoken.Of(parsed, json))
            : RefuseRoleAsync(parsed.GetValue(role)!, Spoken.Of(parsed, json)), cancel));
        var remove = new Command("remove", "Takes the role of a person away; the account stays.") { email, json };
        remove.SetAction((parsed, cancel) => run(
            (services, _) => SetAsync(services.GetRequiredService<AdministratorList>(), parsed.GetValue(email)!, null, Spoken.Of(parsed, json)), cancel));
        return new Command("admin", "The administrators of this hub.") { invite, list, set, remove };
    }

    private static async Task<int> InviteAsync(Invitations invitations, string email, string roleName, Spoken answer)
    {
        if (Capabilities.RoleOf(roleName) is not { } role)
        {
            return await RefuseRoleAsync(roleName, answer);
        }

        if (NewAccount.EmailError(email) is { } refusal)
        {
            return await answer.RefuseAsync(refusal);
        }

        var link = await invitations.InviteAsync(email, role, Initiator.CommandLine);
        if (answer.Json)
        {
            answer.Write(new { link = link.Address, role = role.Name(), link.ExpiresAt });
            return 0;
        }

        answer.Say(link.Address);
        answer.Say($"Pass it on to {email}: it makes them {role.Name()}, once, until {link.ExpiresAt:yyyy-MM-dd HH:mm} UTC. It is not shown again.");
        return 0;
    }

    private static async Task<int> ListAsync(AdministratorList administrators, Spoken answer, CancellationToken cancel)
    {
        List<ListedAdministrator> all = [];
        for (Guid? after = null; ;)
        {
            var page = await administrators.PageAsync(after, AdministratorList.PageSize, cancel);
            all.AddRange(page.Administrators);
            if (page.Next is null)
            {
                break;
            }

            after = page.Next;
        }

        if (answer.Json)
        {
            answer.Write(all.Select(a => new { a.Id, a.Name, a.Email, role = a.Role.Name(), a.SecondFactor, a.Disabled }));
            return 0;
        }

        foreach (var a in all)
        {
            answer.Say($"{a.Email}  {a.Role.Name()}{(a.SecondFactor ? "" : "  no second factor yet")}{(a.Disabled ? "  disabled" : "")}");
        }

        if (all.Count == 0)
        {
            answer.Say("There is no administrator. Make the first one with: hub admin invite EMAIL");
        }

        return 0;
    }

    private static async Task<int> SetAsync(AdministratorList administrators, string email, AdminRole? role, Spoken answer)
    {
        var refusal = await administrators.FindAsync(email) is { } person ? await administrators.SetAsync(person, role, Initiator.CommandLine) : PersonRefusal.NotThere;
        switch (refusal)
        {
            case PersonRefusal.NotThere:
                return await answer.RefuseAsync($"There is no account with the address {email}. To make one for an administrator: hub admin invite EMAIL", Spoken.NotFound);
            case PersonRefusal.AlreadySo:
                return await answer.RefuseAsync($"{email} is no administrator.", Spoken.NotFound);
            case PersonRefusal.LastAdministrator:
                return await answer.RefuseAsync($"{email} is the last administrator. Make another one first.");
        }

        if (answer.Json)
        {
            answer.Write(new { email, role = role?.Name() });
            return 0;
        }

        answer.Say(role is { } given ? $"{email} is {given.Name()}." : $"{email} is no administrator any more.");
        return 0;
    }

    private static Task<int> RefuseRoleAsync(string role, Spoken answer) =>
        answer.RefuseAsync($"The role is '{role}'; it must be viewer, operator or administrator.");
}
