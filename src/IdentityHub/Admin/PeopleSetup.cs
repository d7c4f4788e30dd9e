using IdentityHub.Access;
using IdentityHub.Administration;
using IdentityHub.Sessions;

namespace IdentityHub.Admin;

/// <summary>The addresses of the pages about people, about administrators, for ending many, and the first one.</summary>
internal static class PeopleSetup
{
    public static void MapPeople(this WebApplication app)
    {
        // Of no capability: whoever has the link may follow it, and has no role yet.
        app.MapGet(Invitations.Path, AcceptInvitation.Get);
        app.MapPost(Invitations.Path, AcceptInvitation.Post).TakesForm();

        app.MapGet(AdminPaths.Overview, OverviewPages.Get).Needs(Capability.ReadRevocations);
        app.MapGet(OverviewPages.LivePath, OverviewPages.Live).Needs(Capability.ReadRevocations, AdminPaths.Overview).WithMetadata(Passive.Mark);

        app.MapGet(AdminPaths.People, PeoplePages.List).Needs(Capability.ReadPeople);
        app.MapGet(PersonPaths.Found, PeoplePages.Found).Needs(Capability.ReadPeople, AdminPaths.People);
        app.MapGet(PersonPaths.Pattern, PeoplePages.Person).Needs(Capability.ReadPeople);
        app.MapGet($"{PersonPaths.Pattern}/sessions/{{session:guid}}", PeoplePages.Session).Needs(Capability.ReadPeople);
        app.MapGet($"{PersonPaths.Pattern}/activity", PeoplePages.Activity).Needs(Capability.ReadPeople);
        app.MapGet($"{PersonPaths.Pattern}/revocations", PeoplePages.Revocations).Needs(Capability.ReadPeople);
        app.MapGet($"{PersonPaths.Pattern}/ended/{{act:guid}}", PersonEnded.Get).Needs(Capability.ReadPeople);
        app.MapGet($"{PersonPaths.Pattern}/ended/{{act:guid}}/live", PersonEnded.Live).Needs(Capability.ReadPeople, AdminPaths.People).WithMetadata(Passive.Mark);
        foreach (var kind in Enum.GetValues<PersonActKind>())
        {
            var (path, needed) = ($"{PersonPaths.Pattern}/{PersonPaths.Word(kind)}", kind is PersonActKind.End ? Capability.EndSessions : Capability.ManagePeople);
            app.MapGet(path, PersonActPages.Ask(kind)).Needs(needed);
            app.MapPost(path, PersonActPages.Do(kind)).Needs(needed, AdminPaths.People).TakesForm();
        }

        app.MapGet(AdminPaths.Administrators, AdministratorPages.Get).Needs(Capability.ReadPeople);
        app.MapPost(AdministratorPages.InvitePath, AdministratorPages.Invite).Needs(Capability.ManageAdministrators, AdminPaths.Administrators).TakesForm();
        app.MapPost(AdministratorPages.RolePath, AdministratorPages.SetRole).Needs(Capability.ManageAdministrators, AdminPaths.Administrators).TakesForm();
        app.MapGet(AdministratorPages.RemovePath, AdministratorPages.AskRemove).Needs(Capability.ManageAdministrators);
        app.MapPost(AdministratorPages.RemovePath, AdministratorPages.Remove).Needs(Capability.ManageAdministrators, AdminPaths.Administrators).TakesForm();
        app.MapPost(AdministratorPages.WithdrawPath, AdministratorPages.Withdraw).Needs(Capability.ManageAdministrators, AdminPaths.Administrators).TakesForm();

        app.MapGet(AdminPaths.EndMany, EndManyPages.Get).Needs(Capability.ReadRevocations);
        app.MapGet(EndManyPages.PreviewPath, EndManyPages.Preview).Needs(Capability.EndSessions);
        app.MapPost(AdminPaths.EndMany, EndManyPages.Start).Needs(Capability.EndSessions, AdminPaths.EndMany).TakesForm();
        app.MapGet($"{AdminPaths.EndMany}/{{id:guid}}", EndManyPages.Progress).Needs(Capability.ReadRevocations);
        app.MapGet($"{AdminPaths.EndMany}/{{id:guid}}/live", EndManyPages.Live).Needs(Capability.ReadRevocations, AdminPaths.EndMany).WithMetadata(Passive.Mark);
        app.MapPost($"{AdminPaths.EndMany}/{{id:guid}}/cancel", EndManyPages.Cancel).Needs(Capability.EndSessions, AdminPaths.EndMany).TakesForm();
    }
}
