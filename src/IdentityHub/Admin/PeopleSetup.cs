using IdentityHub.Access;
using IdentityHub.Administration;

namespace IdentityHub.Admin;

/// <summary>The addresses of the pages about people and administrators.</summary>
internal static class PeopleSetup
{
    public static void MapPeople(this WebApplication app)
    {
        // Of no capability: whoever has the link may follow it, and has no role yet.
        app.MapGet(Invitations.Path, AcceptInvitation.Get);
        app.MapPost(Invitations.Path, AcceptInvitation.Post).TakesForm();
    }
}
