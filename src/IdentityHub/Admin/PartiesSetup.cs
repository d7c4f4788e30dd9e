using IdentityHub.Access;

namespace IdentityHub.Admin;

/// <summary>The addresses of the pages about applications, revocations and keys.</summary>
internal static class PartiesSetup
{
    public static void MapParties(this WebApplication app)
    {
        app.MapGet(AdminPaths.RelyingParties, RelyingPartyPages.GetList).Needs(Capability.ReadRelyingParties);
        app.MapGet(RelyingPartyPages.OnePath, RelyingPartyPages.GetOne).Needs(Capability.ReadRelyingParties);
        app.MapPost(RelyingPartyPages.RingPath, RelyingPartyPages.Ring).TakesForm().Needs(Capability.RedriveRevocations, AdminPaths.RelyingParties);
        app.MapGet(RelyingPartyPages.RegisterPath, RelyingPartyForms.GetNew).Needs(Capability.ManageRelyingParties);
        app.MapPost(RelyingPartyPages.RegisterPath, RelyingPartyForms.PostNew).TakesForm().Needs(Capability.ManageRelyingParties, RelyingPartyPages.RegisterPath);
        app.MapGet(RelyingPartyPages.EditPath, RelyingPartyForms.GetEdit).Needs(Capability.ManageRelyingParties);
        app.MapPost(RelyingPartyPages.EditPath, RelyingPartyForms.PostEdit).TakesForm().Needs(Capability.ManageRelyingParties, AdminPaths.RelyingParties);
        app.MapPost(RelyingPartyPages.RotatePath, RelyingPartyForms.RotateSecret).TakesForm().Needs(Capability.ManageRelyingParties, AdminPaths.RelyingParties);
        app.MapPost(RelyingPartyPages.EndPreviousPath, RelyingPartyForms.EndPreviousSecret).TakesForm().Needs(Capability.ManageRelyingParties, AdminPaths.RelyingParties);
        app.MapGet(RelyingPartyPages.DisablePath, EndRelyingParty.GetDisable).Needs(Capability.ManageRelyingParties);
        app.MapPost(RelyingPartyPages.DisablePath, EndRelyingParty.PostDisable).TakesForm().Needs(Capability.ManageRelyingParties, AdminPaths.RelyingParties);
        app.MapPost(RelyingPartyPages.EnablePath, EndRelyingParty.Enable).TakesForm().Needs(Capability.ManageRelyingParties, AdminPaths.RelyingParties);
        app.MapGet(RelyingPartyPages.RemovePath, EndRelyingParty.GetRemove).Needs(Capability.ManageRelyingParties);
        app.MapPost(RelyingPartyPages.RemovePath, EndRelyingParty.PostRemove).TakesForm().Needs(Capability.ManageRelyingParties, AdminPaths.RelyingParties);
        app.MapPost(ProofPages.ProvePath, ProofPages.Prove).TakesForm().Needs(Capability.ManageRelyingParties, AdminPaths.RelyingParties);
        app.MapGet(ProofPages.OnePath, ProofPages.GetOne).Needs(Capability.ReadRelyingParties);

        app.MapGet(AdminPaths.Revocations, RevocationPages.GetList).Needs(Capability.ReadRevocations);
        app.MapGet(RevocationPages.OnePath, RevocationPages.GetOne).Needs(Capability.ReadRevocations);
        app.MapGet(RevocationPages.LivePath, RevocationPages.Live).Needs(Capability.ReadRevocations).WithMetadata(Sessions.Passive.Mark);
        app.MapGet(RevocationPages.ExportPath, RevocationPages.GetExport).Needs(Capability.ReadRevocations);
        app.MapPost(RevocationPages.RingPath, RevocationPages.Ring).TakesForm().Needs(Capability.RedriveRevocations, AdminPaths.Revocations);

        app.MapGet(AdminPaths.Keys, KeyPages.Get).Needs(Capability.ReadKeys);
        app.MapGet(KeyPages.RotatePath, KeyPages.GetRotate).Needs(Capability.RotateKeys);
        app.MapPost(KeyPages.RotatePath, KeyPages.Rotate).TakesForm().Needs(Capability.RotateKeys, AdminPaths.Keys);
    }
}
